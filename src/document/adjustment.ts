/** Photoshop's Brightness/Contrast. */
export interface BrightnessContrast {
  readonly kind: 'brightness-contrast';
  /** −150..150; with `legacy` −100..100. */
  readonly brightness: number;
  /** −50..100; with `legacy` −100..100. */
  readonly contrast: number;
  /** The old, linear formula that clips. */
  readonly legacy: boolean;
}

/** One channel of Levels. */
export interface LevelsChannel {
  /** Input black, 0..253. */
  readonly black: number;
  /** Input white, 2..255. */
  readonly white: number;
  /** Midtones, 0.1..9.99; 1 changes nothing; above 1 is brighter. */
  readonly gamma: number;
  /** Output black and white, 0..255; they may be swapped. */
  readonly outputBlack: number;
  readonly outputWhite: number;
}

/** Levels: first each channel's own, then `rgb` on all three. */
export interface Levels {
  readonly kind: 'levels';
  readonly rgb: LevelsChannel;
  readonly red: LevelsChannel;
  readonly green: LevelsChannel;
  readonly blue: LevelsChannel;
}

/** A point of a curve, both 0..255. */
export interface CurvePoint {
  readonly input: number;
  readonly output: number;
}

/** 2 to 16 points in order of input; a natural cubic spline goes through them, flat beyond the ends. */
export type Curve = readonly CurvePoint[];

/** Curves: first each channel's own, then `rgb` on all three. */
export interface Curves {
  readonly kind: 'curves';
  readonly rgb: Curve;
  readonly red: Curve;
  readonly green: Curve;
  readonly blue: Curve;
}

/** One range of Hue/Saturation. */
export interface HueShift {
  /** Degrees, −180..180; with `colorize` 0..360. */
  readonly hue: number;
  /** −100..100; with `colorize` 0..100. */
  readonly saturation: number;
  /** −100..100. */
  readonly lightness: number;
}

/** A range of hues: it fades in from `fadeIn` to `from`, holds to `to` and fades out to `fadeOut`; degrees, 0..360, around the circle. */
export interface HueRange extends HueShift {
  readonly fadeIn: number;
  readonly from: number;
  readonly to: number;
  readonly fadeOut: number;
}

/** Hue/Saturation: the master and, in Photoshop's order (reds, yellows, greens, cyans, blues, magentas), none or six ranges. */
export interface HueSaturation {
  readonly kind: 'hue-saturation';
  readonly colorize: boolean;
  readonly master: HueShift;
  readonly ranges: readonly HueRange[];
}

/** One tone's balance, each −100..100: towards red, green and blue when positive. */
export interface Balance {
  readonly cyanRed: number;
  readonly magentaGreen: number;
  readonly yellowBlue: number;
}

export interface ColorBalance {
  readonly kind: 'color-balance';
  readonly shadows: Balance;
  readonly midtones: Balance;
  readonly highlights: Balance;
  readonly preserveLuminosity: boolean;
}

export interface Exposure {
  readonly kind: 'exposure';
  /** Stops, −20..20. */
  readonly exposure: number;
  /** −0.5..0.5, of linear light. */
  readonly offset: number;
  /** 0.01..9.99; 1 changes nothing. */
  readonly gamma: number;
}

/** What an adjustment layer does to everything under it, in Photoshop's units. */
export type Adjustment = BrightnessContrast | Levels | Curves | HueSaturation | ColorBalance | Exposure;
export type AdjustmentKind = Adjustment['kind'];

const PLAIN_LEVELS: LevelsChannel = { black: 0, white: 255, gamma: 1, outputBlack: 0, outputWhite: 255 };
const STRAIGHT: Curve = [
  { input: 0, output: 0 },
  { input: 255, output: 255 },
];
const NO_SHIFT: HueShift = { hue: 0, saturation: 0, lightness: 0 };
const EVEN: Balance = { cyanRed: 0, magentaGreen: 0, yellowBlue: 0 };

/** Every kind with settings that change nothing: what a new adjustment layer starts with. In the menu's order. */
export const NEUTRAL: { readonly [K in AdjustmentKind]: Extract<Adjustment, { kind: K }> } = {
  'brightness-contrast': { kind: 'brightness-contrast', brightness: 0, contrast: 0, legacy: false },
  levels: { kind: 'levels', rgb: PLAIN_LEVELS, red: PLAIN_LEVELS, green: PLAIN_LEVELS, blue: PLAIN_LEVELS },
  curves: { kind: 'curves', rgb: STRAIGHT, red: STRAIGHT, green: STRAIGHT, blue: STRAIGHT },
  exposure: { kind: 'exposure', exposure: 0, offset: 0, gamma: 1 },
  'hue-saturation': { kind: 'hue-saturation', colorize: false, master: NO_SHIFT, ranges: [] },
  'color-balance': {
    kind: 'color-balance',
    shadows: EVEN,
    midtones: EVEN,
    highlights: EVEN,
    preserveLuminosity: true,
  },
};
