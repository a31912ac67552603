"""What a contract is made of: clauses, lists, parts, defined terms; its body without the pages."""
