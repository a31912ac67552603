"""One document and the models that may answer for it: by which plan, for how much, with one bill.

`document.py` joins an extraction (`extractor.flow`) and the calls that it takes (`extractor.calls`)
into one generator of steps; nothing here waits or sends.
"""
