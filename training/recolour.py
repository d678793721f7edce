"""Recolourings: what makes a foreground not belong.

Two families, both maps of pixels (N,3) uint8 RGB -> (N,3) float32 RGB in 0..1 (unclipped ends allowed):

* photographic edits, as a retoucher makes them (exposure in linear light, temperature and tint, tone
  curve, contrast, highlights and shadows, saturation, split toning);
* colour transfers from reference pixels: Lee et al. 2016 (chroma by Monge-Kantorovich, luminance by a
  fitted arctangent curve), Reinhard et al. 2001 in Lab, correlated RGB (global covariance),
  cumulative histogram mapping, and Pitie's iterative distribution transfer.

Sources: ../shared/reference/baselines.md, the papers named.
"""
from __future__ import annotations

import cv2
import numpy as np

_V = np.arange(256, dtype=np.float32) / 255
_LINEAR = np.where(_V <= 0.04045, _V / 12.92, ((_V + 0.055) / 1.055) ** 2.4).astype(np.float32)
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def _srgb(linear: np.ndarray) -> np.ndarray:
    x = np.maximum(linear, 0)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055).astype(np.float32)


# ------------------------------------------------------------------------------ photographic edits
def draw_edit(rng: np.random.Generator, strength: float) -> dict:
    """Parameters of one edit; `strength` 0 = nothing, 1 = a usual retouch, 1.6 = strong.
    Each tool is used or not; heavy-tailed amounts (a Laplace draw) make mild amounts the most frequent."""
    def amount(scale: float, often: float) -> float:
        if rng.random() > often:
            return 0.0
        return float(np.clip(rng.laplace(0, 0.6), -1.8, 1.8)) * scale * strength

    edit = {"exposure": amount(0.85, 0.7), "temperature": amount(0.24, 0.65), "tint": amount(0.09, 0.4),
            "gamma": amount(0.35, 0.5), "contrast": amount(0.45, 0.5), "shadows": amount(0.35, 0.35),
            "highlights": amount(0.35, 0.35), "saturation": amount(0.5, 0.5),
            "fade": max(0.0, amount(0.10, 0.15)), "split": amount(0.10, 0.2), "hue": float(rng.uniform(0, 2 * np.pi))}
    edit["exposure"] = float(np.clip(edit["exposure"], -2.4, 1.5))
    return edit


def edit_curves(edit: dict) -> np.ndarray:
    """The per-channel part of an edit as a table (256, 3), 8-bit sRGB in -> 0..1 sRGB out."""
    t, g = edit["temperature"], edit["tint"]
    gains = np.array([np.exp(t), np.exp(-g), np.exp(-t)], np.float32)
    gains /= float(gains @ np.array([0.2126, 0.7152, 0.0722], np.float32))
    v = _srgb(np.minimum(_LINEAR[:, None] * gains * 2 ** edit["exposure"], 1.6))
    v = np.where(v > 0.9, 1 - 0.1 * np.exp(-(v - 0.9) / 0.1), v)          # a soft shoulder, as cameras have
    v = np.clip(v, 0, 1) ** np.exp(-edit["gamma"])
    v = v + edit["shadows"] * v * (1 - v) ** 3 * 1.6 + edit["highlights"] * v ** 3 * (1 - v) * 1.6
    c = edit["contrast"]                                                 # S-curve about the middle
    v = v + c * (v - 0.5) * (1 - np.abs(2 * v - 1)) * 1.1
    return np.clip(edit["fade"] + v * (1 - 1.4 * edit["fade"]), 0, 1).astype(np.float32)


def apply_edit(pixels: np.ndarray, edit: dict) -> np.ndarray:
    """(..., 3) uint8 -> (..., 3) float32."""
    curves = edit_curves(edit)
    out = np.stack([curves[:, c][pixels[..., c]] for c in range(3)], -1)
    if edit["saturation"] or edit["split"]:
        luma = out @ LUMA
        if edit["saturation"]:
            out = luma[..., None] + (out - luma[..., None]) * np.float32(np.exp(edit["saturation"]) if edit["saturation"] < 0 else 1 + edit["saturation"])
        if edit["split"]:
            h = edit["hue"]
            tone = np.array([np.cos(h), np.cos(h - 2.0944), np.cos(h + 2.0944)], np.float32)
            out += ((luma - 0.5) * 2 * edit["split"])[..., None] * (tone - tone @ LUMA)
    return np.clip(out, 0, 1)


# ------------------------------------------------------------------------------- colour transfers
def to_lab(rgb: np.ndarray) -> np.ndarray:
    """(N,3) 0..1 sRGB -> (N,3) CIE Lab (L 0..100)."""
    return cv2.cvtColor(np.ascontiguousarray(rgb[None], np.float32), cv2.COLOR_RGB2Lab)[0]


def from_lab(lab: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.ascontiguousarray(lab[None], np.float32), cv2.COLOR_Lab2RGB)[0]


def _root(m: np.ndarray, power: float = 0.5) -> np.ndarray:
    w, v = np.linalg.eigh(m)
    return (v * np.maximum(w, 1e-9) ** power) @ v.T


def monge(src_cov: np.ndarray, ref_cov: np.ndarray, floor: float) -> np.ndarray:
    """The linear Monge-Kantorovich map between two Gaussians: A^-1/2 (A^1/2 B A^1/2)^1/2 A^-1/2,
    the eigenvalues of A raised to at least `floor`."""
    w, v = np.linalg.eigh(src_cov)
    a = (v * np.maximum(w, floor)) @ v.T
    half, inverse = _root(a), _root(a, -0.5)
    return inverse @ _root(half @ ref_cov @ half) @ inverse


def lee_curve(l: np.ndarray, m: float, delta: float) -> np.ndarray:
    """Lee et al.'s monotone luminance curve: g(0) = 0, g(1) = 1."""
    low = np.arctan(m / delta)
    return (low + np.arctan((l - m) / delta)) / (low + np.arctan((1 - m) / delta))


_MD = np.array([(m, d) for m in np.linspace(0.0, 1.0, 21) for d in (0.12, 0.2, 0.3, 0.45, 0.7, 1.2, 3.0)])
_S32 = (np.arange(32) + 0.5) / 32
_CURVES = np.stack([lee_curve(np.linspace(0, 1, 101), m, d) for m, d in _MD])


def transfer_lee(x, sample, ref, light: float, chroma: float) -> np.ndarray:
    """Lee et al. 2016: chroma statistics and a smooth luminance curve; `light` and `chroma` are the
    strengths (0..1) of the two, drawn independently as the paper does."""
    lab, ls, lr = to_lab(x), to_lab(sample), to_lab(ref)
    t = monge(np.cov(ls[:, 1:].T), np.cov(lr[:, 1:].T), 7.5)
    ab = (lab[:, 1:] - ls[:, 1:].mean(0)) @ t.T.astype(np.float32) + lr[:, 1:].mean(0)
    lo, hi = np.quantile(ls[:, 0], [0.005, 0.995]) if len(ls) else (0, 100)
    span = max(hi - lo, 8.0)
    qs = np.clip((np.quantile(ls[:, 0], _S32) - lo) / span, 0, 1)
    qr = np.clip((np.quantile(lr[:, 0], _S32) - lo) / span, 0, 1)
    target = qs + (qr - qs) * 0.4 / max(0.4, np.abs(qr - qs).max())
    at = np.clip((qs * 100).round().astype(int), 0, 100)
    best = _MD[((_CURVES[:, at] - target) ** 2).sum(1).argmin()]
    unit = (lab[:, 0] - lo) / span
    curved = np.where((unit > 0) & (unit < 1), lee_curve(np.clip(unit, 0, 1), *best), unit) * span + lo
    lab[:, 0] += light * (curved - lab[:, 0])
    lab[:, 1:] += chroma * (ab - lab[:, 1:])
    return from_lab(lab)


def transfer_reinhard(x, sample, ref) -> np.ndarray:
    """Mean and deviation in Lab (deviation ratio kept in 0.5..2)."""
    ls, lr = to_lab(sample), to_lab(ref)
    gain = np.clip(lr.std(0) / np.maximum(ls.std(0), 1.5), 0.5, 2.0)
    return from_lab((to_lab(x) - ls.mean(0)) * gain + lr.mean(0))


def transfer_correlated(x, sample, ref) -> np.ndarray:
    """The whole RGB covariance (after Xiao & Ma 2006; Monge-Kantorovich form, which keeps hues)."""
    t = monge(np.cov(sample.T), np.cov(ref.T), 8e-4)
    return ((x - sample.mean(0)) @ t.T + ref.mean(0)).astype(np.float32)


def _match(x: np.ndarray, s: np.ndarray, r: np.ndarray, knots: int = 32) -> np.ndarray:
    """1-D histogram mapping of x by the quantiles of s -> r; the ends continue at slope 1."""
    q = np.linspace(0.01, 0.99, knots)
    a = np.maximum.accumulate(np.quantile(s, q) + np.arange(knots) * 1e-6)
    b = np.quantile(r, q)
    return np.interp(x, a, b) + np.minimum(x - a[0], 0) + np.maximum(x - a[-1], 0)


def transfer_histogram(x, sample, ref) -> np.ndarray:
    """Cumulative histogram mapping, a channel at a time."""
    return np.stack([_match(x[:, c], sample[:, c], ref[:, c]) for c in range(3)], 1).astype(np.float32)


def transfer_idt(x, sample, ref, rng, rounds: int = 4) -> np.ndarray:
    """Pitie et al.'s iterative distribution transfer: histogram mappings along random axes."""
    x, s = x.astype(np.float64), sample.astype(np.float64)
    for _ in range(rounds):
        axes = np.linalg.qr(rng.standard_normal((3, 3)))[0]
        xr, sr, rr = x @ axes, s @ axes, ref @ axes
        x = np.stack([_match(xr[:, c], sr[:, c], rr[:, c], 20) for c in range(3)], 1) @ axes.T
        s = np.stack([_match(sr[:, c], sr[:, c], rr[:, c], 20) for c in range(3)], 1) @ axes.T
    return x.astype(np.float32)


def transfer(pixels: np.ndarray, ref: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One randomly chosen transfer.  pixels (N,3) uint8, ref (M,3) uint8 -> (N,3) float32 0..1."""
    x, r = pixels.astype(np.float32) / 255, ref.astype(np.float32) / 255
    sample = x[rng.integers(0, len(x), 512)] if len(x) > 512 else x
    kind = rng.choice(5, p=[0.32, 0.2, 0.18, 0.2, 0.1])
    if kind == 0:
        light, chroma = rng.uniform(0, 1.3), rng.uniform(0, 1.1)
        return np.clip(transfer_lee(x, sample, r, light, chroma), 0, 1)
    out = (transfer_reinhard(x, sample, r) if kind == 1 else transfer_correlated(x, sample, r) if kind == 2
           else transfer_histogram(x, sample, r) if kind == 3 else transfer_idt(x, sample, r, rng))
    strength = np.float32(rng.uniform(0.2, 1.0))
    return np.clip(x + strength * (np.clip(out, 0, 1) - x), 0, 1)
