"""One file a namespace: from a method's params to a call of the sessions."""
