"""What can be read and written, one namespace for each noun: ``store.inputs.page()``, ``batch.inputs.add()``."""
