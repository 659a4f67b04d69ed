"""Families of models in compiled code: one file each, with kernels and with what lowers to them.

``conex_core.run.engine.lowering`` finds the files and says what is in them.
"""
