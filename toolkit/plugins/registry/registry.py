"""What is registered, by name: rankers, embedders and the rest, from installed plugins and notebook cells."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import EntryPoint
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, cast

from PIL.Image import Image

from ...errors import PluginError, PluginWarning, UnknownNameError
from ...images import Decoder
from ...remedies import Advice, Remedy
from ...values.types import Hit
from ..interfaces import (
    ConceptModel,
    ConceptModelFactory,
    Detector,
    DetectorFactory,
    Embedder,
    EmbedderFactory,
    EngineFactory,
    EngineSite,
    Feedback,
    Fusion,
    Importer,
    KeyedIndex,
    Norm,
    Projection,
    Ranker,
    SimilarityIndex,
    SimilarityIndexFactory,
    Translator,
)

if TYPE_CHECKING:
    from click import Command
from .discovery import BLOCK, installed_plugins, is_blocked, is_own
from .isolation import error_line, isolated
from .kinds import KINDS, as_registered, checked_name, recognize
from .making import by_kind, given, made
from .plugin_hooks import PluginHooks
from .registered import PluginRow, Registered, qualified

__all__ = ["Registry", "default"]


class Registry:
    """All that plugins provide, by kind and name.

    Examples
    --------
    >>> registry = Registry()
    >>> list(registry.rankers)
    []
    """

    def __init__(self) -> None:
        self._hooks = PluginHooks()
        self._plugins: tuple[Registered, ...] = ()
        self._things: Mapping[str, Mapping[str, object]] = by_kind(
            ()
        )  # replaced as a whole: reading needs no lock
        self._made: dict[tuple[str, str], object] = {}
        self._lock = RLock()  # a factory may ask for another component while it makes its own

    def __reduce__(self) -> tuple[Callable[[], Registry], tuple[()]]:
        # A worker process has the plugins that are installed there; what a cell added stays here.
        return default, ()

    @classmethod
    def discover(cls) -> Registry:
        """A registry of every installed plugin.

        A plugin that cannot take part is a `PluginWarning` and a row of `plugins`; the others work. Where two
        plugins claim one name, this distribution's own stays; of strangers none does, so that what a query
        means never hangs on which was installed first.
        """
        registry = cls()
        loaded = [registry._loaded(entry, row) for entry, row in installed_plugins()]
        registry._replace(registry._without_clashes(loaded))
        for row in registry.plugins():
            if row.status == "failed":
                message = f"plugin {row.name!r} of {row.full_name} takes no part: {row.reason}"
                warnings.warn(message, PluginWarning, stacklevel=2)
        return registry

    def _loaded(self, entry: EntryPoint, row: PluginRow) -> Registered:
        if is_blocked(row):
            return Registered(row.refused("blocked", f"blocked by {BLOCK}"))
        try:
            with isolated(""):
                plugin = entry.load()
            return Registered(row, self._hooks.register(plugin, row.full_name), plugin)
        except Exception as error:  # of our own tree, or of pluggy's
            return Registered(row.refused("failed", error_line(error)))

    def _without_clashes(self, loaded: Sequence[Registered]) -> list[Registered]:
        claims: defaultdict[tuple[str, str], list[Registered]] = defaultdict(list)
        for plugin in loaded:
            for claim in plugin.claims:
                claims[claim].append(plugin)
        refused: dict[Registered, str] = {}
        for claim, claimants in sorted(claims.items()):
            own = [plugin for plugin in claimants if is_own(plugin.row)]
            losers = claimants if len(own) != 1 else [plugin for plugin in claimants if plugin not in own]
            if len(claimants) > 1:
                refused |= dict.fromkeys(losers, _clash(claim, claimants))
        for plugin in refused:
            self._hooks.unregister(plugin.plugin)
        return [
            Registered(plugin.row.refused("failed", refused[plugin])) if plugin in refused else plugin
            for plugin in loaded
        ]

    def add(self, thing: object, *, kind: str | None = None) -> None:
        """Register something by hand, as from a notebook cell.

        Running the cell again replaces what it added before.

        Parameters
        ----------
        thing : object
            A ranker, a translator or an importer; an embedder, a concept model or a detector, or a class or
            a named function that makes one; a class of similarity indexes; or a plugin: a module or an object
            with hook implementations.
        kind : str, optional
            ``"rankers"``, ``"embedders"``, ``"concept_models"``, ``"detectors"``, ``"translators"``,
            ``"similarity_indexes"``, ``"importers"``, ``"fusions"`` or ``"norms"``; needed for a function, which does
            not tell.

        Raises
        ------
        ContractError
            It breaks a rule of its kind.
        PluginError
            Its name is taken, or a hook is misspelt.
        """
        if kind is not None and kind not in KINDS:
            raise UnknownNameError("kind", kind, KINDS)
        if kind is None and not isinstance(thing, ModuleType):
            kind = recognize(thing)
        with self._lock:
            if kind is None:
                self._add_plugin(thing)
            else:
                self._add_thing(kind, thing)

    def _add_thing(self, kind: str, thing: object) -> None:
        module = qualified(thing)
        thing = as_registered(kind, thing)
        name = checked_name(kind, thing, module)
        self._settle(Registered(PluginRow(name, "", "", module), {kind: {name: thing}}, by_hand=True))

    def _add_plugin(self, plugin: object) -> None:
        module = qualified(plugin)
        earlier = [one for one in self._plugins if one.by_hand and one.plugin and one.row.module == module]
        for one in earlier:
            self._hooks.unregister(one.plugin)
        try:
            self._register(plugin, module)
        except BaseException:
            for one in earlier:
                self._hooks.register(one.plugin, module)
            raise

    def _register(self, plugin: object, module: str) -> None:
        things = self._hooks.register(plugin, module)
        try:
            self._settle(Registered(PluginRow(module, "", "", module), things, plugin, by_hand=True))
        except PluginError:
            self._hooks.unregister(plugin)
            raise

    def _settle(self, new: Registered) -> None:
        kept = [one for one in self._plugins if not one.gives_way_to(new)]
        for one in kept:
            if shared := one.claims & new.claims:
                raise PluginError(_clash(min(shared), [one, new]))
        self._replace([*kept, new])
        self._made = {
            (kind, spec): made
            for (kind, spec), made in self._made.items()
            if (kind, spec.partition(":")[0]) not in new.claims
        }

    def _replace(self, plugins: Sequence[Registered]) -> None:
        self._plugins = tuple(plugins)
        self._things = by_kind(plugins)

    def plugins(self) -> list[PluginRow]:
        """Every plugin there is, in the order of registration, with those that failed or are blocked."""
        return [plugin.row for plugin in self._plugins]

    @property
    def is_installed(self) -> bool:
        """Whether another process opens pictures as this one does: nothing that opens them was added by hand."""
        by_hand = [one for one in self._plugins if one.by_hand]
        return self is default() and not any(one.plugin or "decoders" in one.things for one in by_hand)

    @property
    def rankers(self) -> Mapping[str, Ranker]:
        """The rankers by name."""
        return cast("Mapping[str, Ranker]", self._things["rankers"])

    @property
    def embedders(self) -> Mapping[str, EmbedderFactory]:
        """The factories of embedders by name."""
        return cast("Mapping[str, EmbedderFactory]", self._things["embedders"])

    @property
    def concept_models(self) -> Mapping[str, ConceptModelFactory]:
        """The factories of concept models by name."""
        return cast("Mapping[str, ConceptModelFactory]", self._things["concept_models"])

    @property
    def detectors(self) -> Mapping[str, DetectorFactory]:
        """The factories of detectors by name."""
        return cast("Mapping[str, DetectorFactory]", self._things["detectors"])

    @property
    def translators(self) -> Mapping[str, Translator]:
        """The translators by name, in order of registration."""
        return cast("Mapping[str, Translator]", self._things["translators"])

    @property
    def similarity_indexes(self) -> Mapping[str, SimilarityIndexFactory]:
        """The factories of similarity indexes by name."""
        return cast("Mapping[str, SimilarityIndexFactory]", self._things["similarity_indexes"])

    @property
    def engines(self) -> Mapping[str, EngineFactory]:
        """The factories of engines by name."""
        return cast("Mapping[str, EngineFactory]", self._things["engines"])

    @property
    def importers(self) -> Mapping[str, Importer]:
        """The importers by name, in order of registration."""
        return cast("Mapping[str, Importer]", self._things["importers"])

    @property
    def fusions(self) -> Mapping[str, Fusion]:
        """The methods of fusion by name."""
        return cast("Mapping[str, Fusion]", self._things["fusions"])

    @property
    def norms(self) -> Mapping[str, Norm]:
        """The norms of scores by name."""
        return cast("Mapping[str, Norm]", self._things["norms"])

    @property
    def commands(self) -> Mapping[str, Command]:
        """The commands that plugins add to the command line, by name."""
        return cast("Mapping[str, Command]", self._things["commands"])

    @property
    def feedbacks(self) -> Mapping[str, Feedback]:
        """Feedback strategies by name."""
        return cast("Mapping[str, Feedback]", self._things["feedbacks"])

    def feedback(self, name: str) -> Feedback:
        """The feedback strategy of a name; an UnknownNameError names the nearest."""
        return cast("Feedback", self._one("feedbacks", name))

    @property
    def projections(self) -> Mapping[str, Projection]:
        """Projections by name."""
        return cast("Mapping[str, Projection]", self._things["projections"])

    def projection(self, name: str) -> Projection:
        """The projection of a name; an UnknownNameError names the nearest."""
        return cast("Projection", self._one("projections", name))

    @property
    def decoders(self) -> Sequence[Decoder]:
        """What opens files of further formats, in order of registration."""
        return tuple(cast("Mapping[str, Decoder]", self._things["decoders"]).values())

    def ranker(self, name: str) -> Ranker:
        """The ranker of a name; an UnknownNameError names the nearest."""
        return cast("Ranker", self._one("rankers", name))

    def fusion(self, name: str) -> Fusion:
        """The method of fusion of a name; an UnknownNameError names the nearest."""
        return cast("Fusion", self._one("fusions", name))

    def norm(self, name: str) -> Norm:
        """The norm of a name, as `fusion`."""
        return cast("Norm", self._one("norms", name))

    def embedder(self, spec: str) -> Embedder:
        """The embedder of a specification such as ``"timm:resnet18"``; made once and cached.

        Raises
        ------
        UnknownNameError
            No plugin has that name before the colon.
        MissingExtraError
            What it needs is not installed.
        PluginError
            Its factory failed, or made something else.
        """
        return cast("Embedder", self._component("embedders", spec))

    def concept_model(self, spec: str) -> ConceptModel:
        """The concept model of a specification, as `embedder`."""
        return cast("ConceptModel", self._component("concept_models", spec))

    def detector(self, spec: str) -> Detector:
        """The detector of a specification, as `embedder`."""
        return cast("Detector", self._component("detectors", spec))

    def similarity_index(self, name: str) -> SimilarityIndex:
        """A new similarity index without vectors; never a cached one, because fitting changes it."""
        factory = cast("SimilarityIndexFactory", self._one("similarity_indexes", name))
        return cast("SimilarityIndex", made("similarity_indexes", name, factory))

    def engine(self, spec: str, site: EngineSite) -> KeyedIndex:
        """A new engine at a site; never a cached one, because each collection has its own.

        Parameters
        ----------
        spec : str
            Its name, and after a colon what it is given: ``"milvus:http://milvus:19530"``.
        site : EngineSite
            Where it may keep what it holds.
        """
        name, _, argument = spec.partition(":")
        factory = self._one("engines", name)
        return cast("KeyedIndex", made("engines", spec, factory, replace(site, argument=argument)))

    def open_image(self, uri: str) -> Image | None:
        """The picture a plugin opens at a URI of its own scheme; None if no plugin opens that scheme."""
        return self._hooks.first("toolkit_open_image", Image, uri=uri)

    def hit_view(self, hit: Hit) -> str | None:
        """The HTML a plugin shows a hit with; None for the usual picture."""
        return self._hooks.first("toolkit_hit_view", str, hit=hit)

    def _one(self, kind: str, name: str) -> object:
        things = self._things[kind]
        if name not in things:
            out = [row.name for row in self.plugins() if row.status != "ok"]
            listed = Remedy("photos.registry.plugins()", "toolkit plugins")
            hint = Advice(f"Plugins that take no part: {', '.join(out)}; see ", listed, ".") if out else ""
            raise UnknownNameError(KINDS[kind].word, name, things, hint)
        return things[name]

    def _component(self, kind: str, spec: str) -> object:
        name, _, argument = spec.partition(":")
        key = kind, f"{name}:{argument}"
        with self._lock:
            if key not in self._made:
                self._made[key] = made(kind, spec, self._one(kind, name), *given(argument))
            return self._made[key]


def _clash(claim: tuple[str, str], claimants: Sequence[Registered]) -> str:
    kind, name = claim
    names = " and by ".join(plugin.row.full_name for plugin in claimants)
    return f"{KINDS[kind].word} {name!r} is registered by {names}; block all but one with {BLOCK}, or rename"


@cache
def _default() -> Registry:
    return Registry.discover()


_default_lock = RLock()


def default() -> Registry:
    """The registry of the installed plugins, discovered once for the whole process."""
    with _default_lock:
        return _default()


def load_embedder(spec: str) -> Embedder:
    """The embedder of a specification such as ``"timm:resnet18"``, from the installed plugins.

    Raises
    ------
    UnknownNameError
        No plugin has that name before the colon.
    MissingExtraError
        What it needs is not installed.
    PluginError
        Its factory failed, or made something else.
    """
    return default().embedder(spec)
