"""The way in without HTTP: posts wait, are decided together and committed in one transaction."""
