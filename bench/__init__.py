"""Every figure as a ratio measured side by side in one run: ``python -m bench --rows 100000``."""
