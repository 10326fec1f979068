"""T-MASS and its family: what is computed from raw text and frame embeddings to score and to train.

Notation everywhere here: texts `t` float `(Q, D)` and frames `f` float `(V, F, D)`, both raw (before L2
normalisation), `mask` bool `(V, F)` (True = a real frame, at least one per clip). A similarity matrix is
`(Q, V)`, higher = better. What lies in a padded slot never changes a result.
"""
