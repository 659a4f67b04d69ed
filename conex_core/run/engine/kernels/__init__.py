"""Compiled code: one function per behavior, and the loop that calls them.

Each function takes a row of whole numbers (sizes and addresses) and a row of
real numbers (parameters), in the order its docstring names, and works on the
memory of the tensors of the network. Nothing here is called before it was
compiled, by ``conex_core.run.engine.forge``.
"""
