"""Projections keep their contract."""

from __future__ import annotations

from toolkit_sklearn import PCA, TSNE

from toolkit.testing import ProjectionContract


class TestTSNE(ProjectionContract):
    projection = TSNE()


class TestPCA(ProjectionContract):
    projection = PCA()
