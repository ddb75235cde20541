"""The shelf of the catalogue that is open, made once for all visitors."""

from __future__ import annotations

import streamlit as st

from service.questions.app_data import OpenCatalogue
from service.questions.browsing import Shelf


@st.cache_resource(max_entries=2, show_spinner="Sorting the films")
def shelf_of(_found: OpenCatalogue, snapshot: str) -> Shelf:
    """All films of a snapshot, ready to be sorted and filtered."""
    return Shelf(_found)
