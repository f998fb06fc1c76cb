"""The look of every page: layout, component macros, styles, and the browser's share of the code."""
