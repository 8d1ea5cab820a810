package dev.vtc.asm;

import dev.vtc.asm.x64.Gp;
import dev.vtc.asm.x64.X64Assembler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the CPU can do and the operating system lets it do, and how many cores this process may use.
 *
 * <p>On x86-64 the features come from an emitted CPUID stub, counted only if XGETBV says that the
 * system saves the registers they need; where machine code is refused, from /proc/cpuinfo. On
 * AArch64 they come from the auxiliary vector (Linux) or sysctl (macOS).
 *
 * <p>Immutable and thread-safe. Sources: Intel SDM volume 2, CPUID; Linux
 * arch/arm64/include/uapi/asm/hwcap.h.
 */
public final class CpuFeatures {
  /** A feature that some machine asks for. */
  public enum Feature {
    // x86-64
    AVX2("avx2"),
    FMA("fma"),
    F16C("f16c"),
    BMI2("bmi2"),
    AVX_VNNI("avx_vnni"),
    AVX512F("avx512f"),
    AVX512BW("avx512bw"),
    AVX512VL("avx512vl"),
    AVX512DQ("avx512dq"),
    AVX512_VNNI("avx512_vnni"),
    AVX512_VBMI("avx512vbmi"),
    AVX512_BF16("avx512_bf16"),
    GFNI("gfni"),
    // AArch64
    ASIMD("asimd"),
    FPHP("fphp"),
    ASIMDHP("asimdhp"),
    DOTPROD("asimddp"),
    I8MM("i8mm"),
    BF16("bf16"),
    SVE("sve"),
    SVE2("sve2");

    private final String linuxName;

    Feature(String linuxName) {
      this.linuxName = linuxName;
    }
  }

  private final Set<Feature> features;
  private final String brand;
  private final int physicalCores;
  private final int logicalCpus;
  private final String source;

  CpuFeatures(
      Set<Feature> features, String brand, int physicalCores, int logicalCpus, String source) {
    this.features = features;
    this.brand = brand;
    this.physicalCores = physicalCores;
    this.logicalCpus = logicalCpus;
    this.source = source;
  }

  private static final class Holder {
    static final CpuFeatures OF_THIS_CPU = detectNow();
  }

  /** Returns what this process runs on; detected once. Never throws for lack of machine code. */
  public static CpuFeatures detect() {
    return Holder.OF_THIS_CPU;
  }

  /** Returns true if the CPU and the operating system both support {@code feature}. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** Returns true for AVX2 with FMA, F16C and BMI2, as every x86-64-v3 CPU has them. */
  public boolean avx2() {
    return has(Feature.AVX2) && has(Feature.FMA) && has(Feature.F16C) && has(Feature.BMI2);
  }

  /** Returns true for the VEX-encoded VNNI instructions. */
  public boolean avxVnni() {
    return avx2() && has(Feature.AVX_VNNI);
  }

  /** Returns true for AVX-512 F, BW, VL, DQ: what x86-64-v4 CPUs have. */
  public boolean avx512() {
    return avx2()
        && has(Feature.AVX512F)
        && has(Feature.AVX512BW)
        && has(Feature.AVX512VL)
        && has(Feature.AVX512DQ);
  }

  /** Returns true for {@link #avx512} with VNNI. */
  public boolean avx512Vnni() {
    return avx512() && has(Feature.AVX512_VNNI);
  }

  /** Returns the CPU's own name, or the architecture where it tells none. */
  public String brand() {
    return brand;
  }

  /** Returns the number of physical cores this process may run on, at least 1. */
  public int physicalCores() {
    return physicalCores;
  }

  /** Returns the number of hardware threads this process may run on, at least 1. */
  public int logicalCpus() {
    return logicalCpus;
  }

  /** Returns all features, in the order of the enumeration. */
  public Set<Feature> features() {
    return Set.copyOf(features);
  }

  /** Returns where the features come from: "cpuid", "/proc/cpuinfo", "auxv", "sysctl". */
  public String source() {
    return source;
  }

  /** Returns one line such as {@code AMD EPYC, 2 cores, 2 threads: avx2 fma … (cpuid)}. */
  @Override
  public String toString() {
    StringBuilder s = new StringBuilder(brand).append(", ").append(physicalCores);
    s.append(physicalCores == 1 ? " core, " : " cores, ").append(logicalCpus);
    s.append(logicalCpus == 1 ? " thread:" : " threads:");
    for (Feature f : features) {
      s.append(' ').append(f.name().toLowerCase(Locale.ROOT));
    }
    return s.append(" (").append(source).append(')').toString();
  }

  // ---- detection ----

  private static CpuFeatures detectNow() {
    int logical = Math.max(1, Runtime.getRuntime().availableProcessors());
    int physical = Topology.physicalCores(logical);
    if (Platform.X64) {
      try {
        return fromLeaves(cpuid(), physical, logical);
      } catch (CodeRefusedException e) {
        // The portable machine will run; what the CPU could do is still worth showing.
      }
    }
    if (Platform.AARCH64 && Platform.LINUX) {
      CpuFeatures f = fromAuxv(physical, logical);
      if (f != null) {
        return f;
      }
    }
    if (Platform.AARCH64 && Platform.MACOS) {
      return fromSysctl(physical, logical);
    }
    return fromCpuInfo(Topology.read("/proc/cpuinfo"), physical, logical);
  }

  // The stub's results: leaves 1, 7/0, 7/1, 0x80000002..4 as eax, ebx, ecx, edx, then XCR0.
  private static final int LEAF_1 = 0;
  private static final int LEAF_7 = 4;
  private static final int LEAF_7_1 = 8;
  private static final int BRAND = 12;
  private static final int XCR0 = 24;
  private static final int MAX_LEAF = 25;
  private static final int WORDS = 26;

  /** Returns the words above, as an emitted function f(out) wrote them. */
  private static int[] cpuid() {
    X64Assembler a = new X64Assembler("vtc_cpuid", X64Assembler.Vectors.AVX2);
    Gp out = a.arg(0);
    a.enter(1);
    int[][] leaves = {
      {LEAF_1, 1, 0},
      {LEAF_7, 7, 0},
      {LEAF_7_1, 7, 1},
      {BRAND, 0x80000002, 0},
      {BRAND + 4, 0x80000003, 0},
      {BRAND + 8, 0x80000004, 0},
    };
    for (int[] leaf : leaves) {
      a.mov(Gp.RAX.r32(), leaf[1]);
      a.mov(Gp.RCX.r32(), leaf[2]);
      a.cpuid();
      a.mov(a.mem(out, 4 * leaf[0]), Gp.RAX.r32());
      a.mov(a.mem(out, 4 * leaf[0] + 4), Gp.RBX.r32());
      a.mov(a.mem(out, 4 * leaf[0] + 8), Gp.RCX.r32());
      a.mov(a.mem(out, 4 * leaf[0] + 12), Gp.RDX.r32());
    }
    a.mov(Gp.RAX.r32(), 0);
    a.mov(Gp.RCX.r32(), 0);
    a.cpuid();
    a.mov(a.mem(out, 4 * MAX_LEAF), Gp.RAX.r32());
    // XGETBV faults unless OSXSAVE (leaf 1, ecx bit 27) is set.
    var noXsave = a.label("no_xsave");
    a.mov(a.mem(out, 4 * XCR0).dword(), 0);
    a.mov(Gp.RAX.r32(), a.mem(out, 4 * LEAF_1 + 8));
    a.test(Gp.RAX.r32(), 1 << 27);
    a.je(noXsave);
    a.mov(Gp.RCX.r32(), 0);
    a.xgetbv();
    a.mov(a.mem(out, 4 * XCR0), Gp.RAX.r32());
    a.bind(noXsave);
    a.pop(Gp.RBX);
    a.ret();
    try (ExecutableMemory code = ExecutableMemory.load(a.finish());
        Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(4L * WORDS, 8);
      NativeCalls.call(code.address(0), result.address(), 0, 0, 0, 0, 0);
      return result.toArray(ValueLayout.JAVA_INT);
    }
  }

  /** Decodes the stub's words; package-private for tests with made-up CPUs. */
  static CpuFeatures fromLeaves(int[] w, int physical, int logical) {
    EnumSet<Feature> f = EnumSet.noneOf(Feature.class);
    boolean ymm = (w[XCR0] & 0x6) == 0x6;
    boolean zmm = (w[XCR0] & 0xE6) == 0xE6;
    int ecx1 = w[LEAF_1 + 2];
    boolean seven = w[MAX_LEAF] >= 7;
    int ebx7 = seven ? w[LEAF_7 + 1] : 0;
    int ecx7 = seven ? w[LEAF_7 + 2] : 0;
    int eax71 = seven && w[LEAF_7] >= 1 ? w[LEAF_7_1] : 0;
    add(f, Feature.FMA, ymm, ecx1, 12);
    add(f, Feature.F16C, ymm, ecx1, 29);
    add(f, Feature.AVX2, ymm, ebx7, 5);
    add(f, Feature.BMI2, true, ebx7, 8);
    add(f, Feature.AVX_VNNI, ymm, eax71, 4);
    add(f, Feature.GFNI, ymm, ecx7, 8);
    add(f, Feature.AVX512F, zmm, ebx7, 16);
    add(f, Feature.AVX512DQ, zmm, ebx7, 17);
    add(f, Feature.AVX512BW, zmm, ebx7, 30);
    add(f, Feature.AVX512VL, zmm, ebx7, 31);
    add(f, Feature.AVX512_VBMI, zmm, ecx7, 1);
    add(f, Feature.AVX512_VNNI, zmm, ecx7, 11);
    add(f, Feature.AVX512_BF16, zmm, eax71, 5);
    StringBuilder brand = new StringBuilder(48);
    for (int i = 0; i < 48; i++) {
      int c = w[BRAND + i / 4] >> (8 * (i & 3)) & 0xFF;
      if (c == 0) {
        break;
      }
      brand.append((char) c);
    }
    return new CpuFeatures(f, brand.toString().strip(), physical, logical, "cpuid");
  }

  private static void add(Set<Feature> f, Feature feature, boolean saved, int word, int bit) {
    if (saved && (word >> bit & 1) != 0) {
      f.add(feature);
    }
  }

  /** Decodes /proc/cpuinfo, whose flags Linux shows only where it saves the registers. */
  static CpuFeatures fromCpuInfo(String text, int physical, int logical) {
    EnumSet<Feature> f = EnumSet.noneOf(Feature.class);
    String brand = Platform.ARCHITECTURE;
    int flags = lineValue(text, "flags");
    if (flags < 0) {
      flags = lineValue(text, "Features");
    }
    if (flags >= 0) {
      int end = text.indexOf('\n', flags);
      String line = " " + text.substring(flags, end < 0 ? text.length() : end) + " ";
      for (Feature feature : Feature.values()) {
        if (line.contains(" " + feature.linuxName + " ")) {
          f.add(feature);
        }
      }
    }
    int name = lineValue(text, "model name");
    if (name >= 0) {
      int end = text.indexOf('\n', name);
      brand = text.substring(name, end < 0 ? text.length() : end).strip();
    }
    return new CpuFeatures(f, brand, physical, logical, "/proc/cpuinfo");
  }

  private static int lineValue(String text, String key) {
    int at = text.startsWith(key) ? 0 : text.indexOf("\n" + key);
    int colon = at < 0 ? -1 : text.indexOf(':', at);
    return colon < 0 ? -1 : colon + 1;
  }

  private static final int AT_HWCAP = 16;
  private static final int AT_HWCAP2 = 26;

  private static @Nullable CpuFeatures fromAuxv(int physical, int logical) {
    try {
      Optional<MemorySegment> getauxval = NativeCalls.find("getauxval");
      if (getauxval.isEmpty()) {
        return null;
      }
      long hwcap = NativeCalls.call(getauxval.get(), AT_HWCAP, 0, 0, 0, 0, 0);
      long hwcap2 = NativeCalls.call(getauxval.get(), AT_HWCAP2, 0, 0, 0, 0, 0);
      return fromHwcap(hwcap, hwcap2, physical, logical);
    } catch (CodeRefusedException e) {
      return null; // native calls are switched off; /proc/cpuinfo says the same
    }
  }

  /** Decodes AT_HWCAP and AT_HWCAP2 of Linux on AArch64. */
  static CpuFeatures fromHwcap(long hwcap, long hwcap2, int physical, int logical) {
    EnumSet<Feature> f = EnumSet.noneOf(Feature.class);
    addBit(f, Feature.ASIMD, hwcap, 1);
    addBit(f, Feature.FPHP, hwcap, 9);
    addBit(f, Feature.ASIMDHP, hwcap, 10);
    addBit(f, Feature.DOTPROD, hwcap, 20);
    addBit(f, Feature.SVE, hwcap, 22);
    addBit(f, Feature.SVE2, hwcap2, 1);
    addBit(f, Feature.I8MM, hwcap2, 13);
    addBit(f, Feature.BF16, hwcap2, 14);
    return new CpuFeatures(f, Platform.ARCHITECTURE, physical, logical, "auxv");
  }

  private static void addBit(Set<Feature> f, Feature feature, long word, int bit) {
    if ((word >> bit & 1) != 0) {
      f.add(feature);
    }
  }

  private static CpuFeatures fromSysctl(int physical, int logical) {
    EnumSet<Feature> f = EnumSet.of(Feature.ASIMD);
    String brand = Platform.ARCHITECTURE;
    try {
      if (sysctl("hw.optional.arm.FEAT_FP16") == 1) {
        f.add(Feature.FPHP);
        f.add(Feature.ASIMDHP);
      }
      if (sysctl("hw.optional.arm.FEAT_DotProd") == 1) {
        f.add(Feature.DOTPROD);
      }
      if (sysctl("hw.optional.arm.FEAT_I8MM") == 1) {
        f.add(Feature.I8MM);
      }
      if (sysctl("hw.optional.arm.FEAT_BF16") == 1) {
        f.add(Feature.BF16);
      }
      // Efficiency cores are much slower: the team's default is the performance cores.
      long cores = sysctl("hw.perflevel0.physicalcpu");
      physical = cores > 0 ? (int) Math.min(cores, logical) : physical;
    } catch (CodeRefusedException e) {
      return new CpuFeatures(f, brand, physical, logical, "architecture");
    }
    return new CpuFeatures(f, brand, physical, logical, "sysctl");
  }

  /** Returns an integer of sysctlbyname, or -1 if there is none of that name. */
  private static long sysctl(String name) {
    Optional<MemorySegment> f = NativeCalls.find("sysctlbyname");
    if (f.isEmpty()) {
      return -1;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(8, 8);
      MemorySegment length = arena.allocate(8, 8);
      length.set(ValueLayout.JAVA_LONG, 0, 8);
      int status =
          (int)
              NativeCalls.call(
                  f.get(),
                  arena.allocateFrom(name).address(),
                  value.address(),
                  length.address(),
                  0,
                  0,
                  0);
      if (status != 0) {
        return -1;
      }
      return length.get(ValueLayout.JAVA_LONG, 0) == 4
          ? value.get(ValueLayout.JAVA_INT, 0)
          : value.get(ValueLayout.JAVA_LONG, 0);
    }
  }
}
