"""The reply cache: what a model answered once is not asked, and not paid, again.

An entry is found by a hash of everything that decides a reply: who is asked (provider, endpoint,
model), with what (messages, output format and its schema, limits), for which turn of an extraction,
and by which version of this package. Not by the API key, and the request itself is not kept.
"""
