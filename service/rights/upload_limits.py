"""How large a file, a request or a message from outside may be, by purpose.

Streamlit counts a MB as 2**20 bytes, and so do these limits. Files that are read from the machine's own disk have their
limits where they are read (`csv_table.py`, `ingest/imdb_page_file.py`).
"""

from __future__ import annotations

MB = 2**20
PAGE_MB = 100
"""The files of one open page. A larger film is put below a media root, and is read there without a copy."""
VISITOR_MB = 200
"""The files of all open pages of one address that is not an admin's: two full pages."""
TOGETHER_MB = 500
"""The files of all open pages."""
MESSAGE_MB = 4
"""One message of a page, and the values of its widgets; a lasso around 20,000 points of the map needs that much."""
SHEET_MB = 50
"""A metadata table on the page Data; larger ones are imported in a terminal."""
RATINGS_MB = 20
"""A ratings export, or a table in its ZIP: 20,000 films of 1 kB each."""
CLIP_MB = PAGE_MB
"""A clip that is sent to the API."""
JSON_MB = 1
"""Any other request to the API: 5,000 titles, the most that a question may name, of 200 characters each."""
SPARE_MB = 1024
"""Space that an upload leaves free on the disk."""
