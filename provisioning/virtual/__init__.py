"""A tablet made of software, and a bench of them: for tests, demos, training and load, never for shipped work.

Judged by the real `adb` program. It shares no code with the client it tests, so that they cannot share a mistake.
"""
