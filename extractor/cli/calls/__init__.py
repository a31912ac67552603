"""Commands that look into what calls leave behind: the ledger and the reply cache."""
