"""How words go into such a network: what ``tokenizer.json`` says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from toolkit.plugins import InputError, MissingExtraError

__all__ = ["TokenInput"]

USUAL_LENGTH = 77  # of CLIP, where the file does not say
MASK, IDS = "attention_mask", "input_ids"


class TokenInput:
    """The tokenizer of a folder.

    Parameters
    ----------
    folder : Path
        Holds ``tokenizer.json``.

    Raises
    ------
    MissingExtraError
        The package ``tokenizers`` is not installed.
    InputError
        There is no such file, or it is no tokenizer.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from tokenizers import Tokenizer
        except ImportError:
            raise MissingExtraError("words for embedder 'clip'", "tokenizers", "clip") from None
        path = folder / "tokenizer.json"
        if not path.is_file():
            raise InputError(str(folder), "there is no tokenizer.json")
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises Exception itself
            raise InputError(str(path), f"no tokenizer: {str(error)[:200]}") from error
        said = self._tokenizer.truncation or {}
        self._length = int(said.get("max_length", USUAL_LENGTH))
        self._padding = self._tokenizer.padding or {}
        self._tokenizer.enable_truncation(self._length)

    def prepared(self, texts: Sequence[str], inputs: Sequence[str]) -> dict[str, npt.NDArray[np.generic]]:
        """The texts as int64 (b, tokens), for those inputs that the network has.

        A network without a mask was trained on texts of one length, as SigLIP was: they are filled up to that.

        Parameters
        ----------
        texts : sequence of b str
            As people wrote them.
        inputs : sequence of str
            The names of the network's inputs.
        """
        self._tokenizer.enable_padding(
            length=None if MASK in inputs else self._length,
            pad_id=int(self._padding.get("pad_id", 0)),
            pad_token=str(self._padding.get("pad_token", "[PAD]")),
        )
        encoded = self._tokenizer.encode_batch(list(texts))
        given = {IDS: [one.ids for one in encoded], MASK: [one.attention_mask for one in encoded]}
        return {name: np.array(values, np.int64) for name, values in given.items() if name in inputs}
