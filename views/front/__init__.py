"""What `filmscore serve` runs: Streamlit reads its settings and the fonts from the folder of the script it is given, so
that an installed app finds them wherever it is. `.streamlit` and `static` of the checkout are links to these."""
