// Colours for what is drawn on a canvas: OKLCH, so that equal lightness looks equally light.
//
// The matrices are those of Björn Ottosson's definition of OKLab (2020) and of CSS Color 4.

/** Red, green, blue, each 0..1, gamma-encoded sRGB. */
export type Rgb = readonly [number, number, number];

const SLACK = 1e-4;

function linear(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function encode(value: number): number {
  const clamped = Math.min(1, Math.max(0, value));
  return clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
}

function decode(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function shows(rgb: Rgb): boolean {
  return rgb.every((value) => value >= -SLACK && value <= 1 + SLACK);
}

/**
 * OKLCH as sRGB. Chroma that sRGB cannot show at this lightness and hue is reduced, for a changed
 * lightness would break the rule that all boxes are equally light.
 */
export function oklch(lightness: number, chroma: number, hue: number): Rgb {
  let low = 0;
  let high = chroma;
  if (shows(linear(lightness, chroma, hue))) low = chroma;
  else {
    for (let i = 0; i < 20; i++) {
      const middle = (low + high) / 2;
      if (shows(linear(lightness, middle, hue))) low = middle;
      else high = middle;
    }
  }
  const [r, g, b] = linear(lightness, low, hue);
  return [encode(r), encode(g), encode(b)];
}

/** `over` laid on `under` with the given opacity. */
export function blend(over: Rgb, under: Rgb, opacity: number): Rgb {
  const mix = (i: 0 | 1 | 2): number => over[i] * opacity + under[i] * (1 - opacity);
  return [mix(0), mix(1), mix(2)];
}

/** As CSS writes it. */
export function css(rgb: Rgb): string {
  const byte = (value: number): string => Math.round(value * 255).toString(16).padStart(2, '0');
  return `#${byte(rgb[0])}${byte(rgb[1])}${byte(rgb[2])}`;
}

function luminance(rgb: Rgb): number {
  return 0.2126 * decode(rgb[0]) + 0.7152 * decode(rgb[1]) + 0.0722 * decode(rgb[2]);
}

/** Contrast ratio as WCAG 2 defines it, 1..21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
