"""The routes of the API, a file for each resource; `ui.api` adds them. Paths, fields and codes are stable."""
