package dev.vtc.asm;

public record CpuFeatures() {}
