"""The workflow of exceptions and suppressions as a service: no words, no options, no colours.

The command line and the console call the same functions. Rows stay in the database: lists come a
page at a time, changes are set-based, exports are streamed.
"""
