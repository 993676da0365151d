import toolkit_template

from toolkit.plugins import Hit, Input
from toolkit.plugins.registry import Registry


def hit(width, uri):
    return Hit(1, 0.5, Input("ab12", uri, "", width, 100), None, "ab12", None, ())


def test_panoramas_are_shown_its_way_and_names_are_escaped():
    registry = Registry()
    registry.add(toolkit_template)
    assert registry.hit_view(hit(400, "<a>.jpg")) == "<strong>panorama</strong> &lt;a&gt;.jpg"
    assert registry.hit_view(hit(100, "a.jpg")) is None
