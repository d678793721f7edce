import type { Adjustment, Balance, Curve, HueShift, LevelsChannel } from './adjustment';

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** The settings with every number within its range; null when one of them is no number. */
export function withinRange(adjustment: Adjustment): Adjustment | null {
  return allFinite(adjustment) ? clamped(adjustment) : null;
}

function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(allFinite);
}

function clamped(a: Adjustment): Adjustment {
  switch (a.kind) {
    case 'brightness-contrast':
      return {
        ...a,
        brightness: within(a.brightness, a.legacy ? -100 : -150, a.legacy ? 100 : 150),
        contrast: within(a.contrast, a.legacy ? -100 : -50, 100),
      };
    case 'levels':
      return { ...a, rgb: levels(a.rgb), red: levels(a.red), green: levels(a.green), blue: levels(a.blue) };
    case 'curves':
      return { ...a, rgb: curve(a.rgb), red: curve(a.red), green: curve(a.green), blue: curve(a.blue) };
    case 'exposure':
      return {
        ...a,
        exposure: within(a.exposure, -20, 20),
        offset: within(a.offset, -0.5, 0.5),
        gamma: within(a.gamma, 0.01, 9.99),
      };
    case 'hue-saturation':
      return {
        ...a,
        master: shift(a.master, a.colorize),
        ranges: a.ranges.map((range) => ({ ...range, ...shift(range, false) })),
      };
    case 'color-balance':
      return {
        ...a,
        shadows: balance(a.shadows),
        midtones: balance(a.midtones),
        highlights: balance(a.highlights),
      };
  }
}

function levels(l: LevelsChannel): LevelsChannel {
  const black = within(l.black, 0, 253);
  return {
    black,
    white: within(l.white, black + 2, 255),
    gamma: within(l.gamma, 0.1, 9.99),
    outputBlack: within(l.outputBlack, 0, 255),
    outputWhite: within(l.outputWhite, 0, 255),
  };
}

/** In order of input, no two at the same, at least two. */
function curve(points: Curve): Curve {
  const sorted = points
    .map(({ input, output }) => ({ input: within(input, 0, 255), output: within(output, 0, 255) }))
    .toSorted((p, q) => p.input - q.input)
    .filter((point, i, all) => i === 0 || point.input > all[i - 1]!.input)
    .slice(0, 16);
  return sorted.length >= 2
    ? sorted
    : [
        { input: 0, output: 0 },
        { input: 255, output: 255 },
      ];
}

function shift({ hue, saturation, lightness }: HueShift, colorize: boolean): HueShift {
  return {
    hue: within(hue, colorize ? 0 : -180, colorize ? 360 : 180),
    saturation: within(saturation, colorize ? 0 : -100, 100),
    lightness: within(lightness, -100, 100),
  };
}

function balance({ cyanRed, magentaGreen, yellowBlue }: Balance): Balance {
  const most = (value: number) => within(value, -100, 100);
  return { cyanRed: most(cyanRed), magentaGreen: most(magentaGreen), yellowBlue: most(yellowBlue) };
}
