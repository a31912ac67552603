"""What programs call, and the only place where the steps of an extraction are performed.

`driving.py` performs them, blocking or on an event loop; `extractor.py` puts the parts together. On
it stand `extract()` and `aextract()` (`functions.py`), many documents (`many.py`), a contract in
several (`sets.py`), and an `Extractor` as the settings want it (`configured.py`).
"""
