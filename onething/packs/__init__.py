"""Packs: folders of YAML that a person writes, read into a catalog with every mistake named."""
