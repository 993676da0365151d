"""How Japanese also writes what Unicode names in kana: イヌ is 犬 in most sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["KANA"]

_PAIRS = """
犬 イヌ 猫 ネコ 馬 ウマ 牛 ウシ 豚 ブタ 羊 ヒツジ 山羊 ヤギ 象 ゾウ
猿 サル 熊 クマ 虎 トラ 狼 オオカミ 狐 キツネ 兎 ウサギ 鼠 ネズミ 栗鼠 リス
鹿 シカ 猪 イノシシ 鳥 トリ 鶏 ニワトリ 鴨 カモ 鷲 ワシ 鳩 ハト 白鳥 ハクチョウ
孔雀 クジャク 亀 カメ 蛇 ヘビ 蛙 カエル 鰐 ワニ 魚 サカナ 鯨 クジラ 鮫 サメ
蛸 タコ 烏賊 イカ 蟹 カニ 海老 エビ 蝶 チョウ 蜂 ハチ 蟻 アリ 蜘蛛 クモ
蝸牛 カタツムリ 駱駝 ラクダ 薔薇 バラ 林檎 リンゴ 葡萄 ブドウ 苺 イチゴ 蜜柑 ミカン 茸 キノコ
"""
_words = _PAIRS.split()

KANA: Mapping[str, str] = MappingProxyType(dict(zip(_words[::2], _words[1::2], strict=True)))
