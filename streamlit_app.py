"""Front door of the app in a checkout; `filmscore serve` runs `views/front/app.py`, which an installation has too."""

from views.navigation import main

main()
