"""Memory kept between native solutions."""

from __future__ import annotations

from odeplayground.dynamics.dense_block import DenseBlock
from odeplayground.dynamics.dense_pool import BlockPool
from odeplayground.dynamics.dense_shape import DenseShape
from odeplayground.spec import Activation

SHAPE = DenseShape((2, 4, 2), Activation.TANH, "float64")


def test_blocks_of_the_same_kind_are_used_again() -> None:
    pool = BlockPool()
    block = pool.take(SHAPE, 1, 2)
    pool.give_back(block)
    assert pool.take(SHAPE, 1, 3) is not block
    assert pool.take(SHAPE, 1, 2) is block
    assert pool.take(SHAPE, 1, 2) is not block


def test_no_more_is_kept_than_the_limit() -> None:
    blocks = [DenseBlock(SHAPE, vectors, 2) for vectors in (1, 1, 1, 8)]
    one = blocks[0].tape_size(blocks[0].capacity)
    pool = BlockPool(2 * one)
    for block in blocks:
        pool.give_back(block)
    assert pool.size == 2 * one
    assert pool.take(SHAPE, 1, 2) is blocks[1]
