"""Compute contrast as WCAG 2.2 defines it, and the nearest shade of a color that is readable on a background."""

WHITE, BLACK = "#ffffff", "#13171f"  # text on a color
# The backgrounds that leave the least contrast: `--page` and the dark `--paper` of static/pages.css.
LIGHT, DARK = "#f4f5f8", "#171c25"
LEAST_CONTRAST = 4.5  # level AA for text, success criterion 1.4.3
STEPS = 20  # of each bisection: finer than a color of 24 bits
Triple = tuple[float, float, float]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(color: str, background: str) -> str:
    """Return a color, or the nearest shade of it whose contrast with the background is sufficient.

    background: `LIGHT` or `DARK`.

    Changes only the lightness in OKLCH, and the chroma if the color is outside the sRGB gamut. The hue stays the same.
    """
    if contrast(color, background) >= LEAST_CONTRAST:
        return color
    lightness, *hue = _oklab(_linear(color))
    poor, good = lightness, 0.0 if background == LIGHT else 1.0
    found = _shade(good, *hue)
    for _ in range(STEPS):
        middle = (poor + good) / 2
        shade = _shade(middle, *hue)
        if contrast(shade, background) >= LEAST_CONTRAST:
            good, found = middle, shade
        else:
            poor = middle
    return found


def text_on(color: str) -> str:
    """Return the text color on a background: white or near-black, whichever has the higher contrast."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, color))


def _linear(color: str) -> Triple:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab(linear: Triple) -> Triple:
    red, green, blue = linear
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear_of(lightness: float, a: float, b: float) -> Triple:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _shade(lightness: float, a: float, b: float) -> str:
    """Return the color with this lightness and hue, and as much of the chroma as sRGB allows."""
    shown, too_much = 0.0, 1.0
    if _is_shown(_linear_of(lightness, a, b)):
        shown = 1.0
    else:
        for _ in range(STEPS):
            middle = (shown + too_much) / 2
            if _is_shown(_linear_of(lightness, a * middle, b * middle)):
                shown = middle
            else:
                too_much = middle
    linear = _linear_of(lightness, a * shown, b * shown)
    return "#" + "".join(f"{round(_encoded(min(max(part, 0.0), 1.0)) * 255):02x}" for part in linear)


def _is_shown(linear: Triple) -> bool:
    return all(-0.0001 <= part <= 1.0001 for part in linear)
