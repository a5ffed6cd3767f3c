<?php

final class Percent
{
    public static function of(int $part, int $whole): float
    {
        if ($whole === 0) {
            throw new DivisionByZeroError('the whole is nothing');
        }
        return 100 * $part / $whole;
    }
}
