"""The app as a script for Streamlit, beside its settings and fonts."""

from views.navigation import main

main()
