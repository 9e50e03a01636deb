"""What members see of us on a forum's pages: one framework-free module, and the theme component that carries it.

`joining` makes the module of its pieces in `module/`; `build` packs the component of a flavour: what Discourse 3.1
takes, or what the newest takes.
"""
