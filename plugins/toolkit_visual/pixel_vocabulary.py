"""The concepts that can be computed from pixels, with names in six languages."""

from __future__ import annotations

from toolkit.plugins import Concept

__all__ = ["PIXEL_CONCEPTS"]

_LANGUAGES = ("en", "de", "fr", "es", "ja", "zh")
_COLOR = "The square root of the share of pixels whose nearest typical color goes by this word."

# id: names in the order of the languages, "/" between synonyms; then the definition.
_TABLE: dict[str, tuple[str, str, str, str, str, str, str]] = {
    "black": ("black", "schwarz", "noir", "negro", "黒/黒い", "黑色/黑", _COLOR),
    "white": ("white", "weiß", "blanc", "blanco", "白/白い", "白色/白", _COLOR),
    "gray": ("gray/grey", "grau", "gris", "gris", "灰色/グレー", "灰色/灰", _COLOR),
    "red": ("red", "rot", "rouge", "rojo", "赤/赤い", "红色/红", _COLOR),
    "orange": ("orange", "orange", "orange", "naranja/anaranjado", "橙色/オレンジ", "橙色/橙", _COLOR),
    "yellow": ("yellow", "gelb", "jaune", "amarillo", "黄色/黄色い", "黄色/黄", _COLOR),
    "green": ("green", "grün", "vert", "verde", "緑/緑色", "绿色/绿", _COLOR),
    "blue": ("blue", "blau", "bleu", "azul", "青/青い", "蓝色/蓝", _COLOR),
    "purple": ("purple/violet", "violett/lila", "violet", "morado/violeta", "紫/紫色", "紫色/紫", _COLOR),
    "pink": ("pink", "rosa/pink", "rose", "rosa", "ピンク/桃色", "粉色/粉红色", _COLOR),
    "brown": ("brown", "braun", "brun/marron", "marrón/café", "茶色/茶", "棕色/褐色", _COLOR),
    "bright": (
        "bright", "hell", "clair/lumineux", "claro/luminoso", "明るい", "明亮",
        "The mean lightness L*, from 0 at 55 to 1 at 85.",
    ),
    "dark": (
        "dark", "dunkel", "sombre", "oscuro", "暗い", "昏暗/暗",
        "The mean lightness L*, from 0 at 45 to 1 at 15.",
    ),
    "high-contrast": (
        "high contrast", "kontrastreich", "contrasté", "alto contraste", "高コントラスト", "高对比度",
        "The standard deviation of lightness L*, from 0 at 18 to 1 at 38.",
    ),
    "low-contrast": (
        "low contrast", "kontrastarm", "peu contrasté", "bajo contraste", "低コントラスト", "低对比度",
        "The standard deviation of lightness L*, from 0 at 16 to 1 at 4.",
    ),
    "colorful": (
        "colorful/colourful", "farbenfroh/bunt", "coloré", "colorido", "カラフル", "色彩丰富/彩色",
        "Hasler and Süsstrunk's colorfulness, from 0 at 20 to 1 at 90.",
    ),
    "grayscale": (
        "grayscale/greyscale/black and white", "Graustufen/schwarzweiß", "niveaux de gris/noir et blanc",
        "escala de grises/blanco y negro", "グレースケール/白黒", "灰度/黑白",
        "How little color the most colored 2 % of pixels have: their chroma, from 0 at 12 to 1 at 4.",
    ),
    "sharp": (
        "sharp/in focus", "scharf", "net", "nítido/enfocado", "鮮明/シャープ", "清晰",
        "How steep edges are, their rise over one pixel against four (1 for a step), from 0 at 0.6 to 1 at 0.95.",
    ),
    "blurry": (
        "blurry/out of focus", "unscharf/verschwommen", "flou", "borroso/desenfocado", "ぼやけた/ピンぼけ", "模糊",
        "How gradual edges are, their rise over one pixel against four (1 for a step), from 0 at 0.55 to 1 at 0.42.",
    ),
    "portrait-format": (
        "portrait format/upright format", "Hochformat", "format portrait", "formato vertical", "縦長/縦向き",
        "竖幅/竖向", "1 if the picture is at least 5 % higher than wide.",
    ),
    "landscape-format": (
        "landscape format", "Querformat", "format paysage", "formato horizontal/formato apaisado", "横長/横向き",
        "横幅/横向", "1 if the picture is at least 5 % wider than high.",
    ),
    "square-format": (
        "square format", "quadratisches Format", "format carré", "formato cuadrado", "正方形", "方形/正方形",
        "1 if height and width differ by less than 5 %.",
    ),
    "plain-background": (
        "plain background", "einfarbiger Hintergrund", "fond uni", "fondo liso", "無地の背景", "纯色背景",
        "The share of pixels near the rim that are close to the rim's median color, from 0 at 0.5 to 1 at 0.95.",
    ),
    "busy": (
        "busy/cluttered", "unruhig/überladen", "chargé", "recargado", "ごちゃごちゃ/雑然", "杂乱/繁杂",
        "The share of pixels with a clear edge, from 0 at 0.2 to 1 at 0.6.",
    ),
}  # fmt: skip


def _concept(id: str, names: tuple[str, ...], definition: str) -> Concept:
    by_language = {language: tuple(name.split("/")) for language, name in zip(_LANGUAGES, names, strict=True)}
    return Concept(id, names=by_language, definition=definition)


PIXEL_CONCEPTS = tuple(_concept(id, row[:-1], row[-1]) for id, row in _TABLE.items())
