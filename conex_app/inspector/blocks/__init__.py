"""What the inspector shows of blocks: ports, promoted parameters, learned weights."""
