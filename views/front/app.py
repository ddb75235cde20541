"""The app as a script for Streamlit, beside its settings and fonts; all it does stands in `streamlit_app.py`."""

from streamlit_app import main

main()
