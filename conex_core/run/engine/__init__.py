"""The fast engine: behaviors that are known run in compiled kernels, many steps a call.

``planning`` sorts the steps of a network into those that a kernel takes over and
those that Python goes on calling; ``lowering`` says, class by class, what a
behavior becomes; ``kernels`` holds the compiled code; ``fused`` runs the whole.
Every kernel gives the numbers of the ``forward`` that it stands for.
"""
