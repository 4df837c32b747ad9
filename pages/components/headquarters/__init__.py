"""The page of headquarters (分指挥部): board, one headquarters with its tabs, the matrix with the counties."""
