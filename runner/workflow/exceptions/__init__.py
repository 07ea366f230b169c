"""The workflow of exceptions as a service, without options and output.

Rows stay in the database: lists are read page by page, changes are set-based, exports are streamed.
"""
