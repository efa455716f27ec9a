"""`apps.db.shared`: Django's PostgreSQL backend, with connections that the threads of a process share.

A web process has many threads, most of them waiting for a model, and Django keeps a connection for each
thread that ever used one. Here a thread gives its connection back with its request, or before a long wait,
and takes any idle one when it needs one: there are as many connections as threads that use one at the same
moment, up to a number for which others wait.
"""
