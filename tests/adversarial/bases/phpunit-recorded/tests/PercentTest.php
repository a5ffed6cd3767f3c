<?php

use PHPUnit\Framework\TestCase;

final class PercentTest extends TestCase
{
    public function testHalf(): void
    {
        $this->assertSame(50.0, (float) Percent::of(1, 2));
    }

    public function testMoreThanAll(): void
    {
        $this->assertSame(150.0, (float) Percent::of(3, 2));
    }

    public function testOfNothing(): void
    {
        $this->expectException(DivisionByZeroError::class);
        Percent::of(1, 0);
    }
}
