"""How the shipped weights came to be: fetch, convert, label, mix, train. The recipes ship; the recordings do not."""
