"""Translations of the app's texts: one module for each language, in it one part for each page."""
