package dev.vtc.machine.a64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.asm.MachineCode;
import dev.vtc.asm.a64.LlvmMc;
import dev.vtc.machine.Limits;
import dev.vtc.machine.a64.NeonLanes.Dots;
import dev.vtc.machine.a64.Tuning.Family;
import dev.vtc.machine.lanes.EmittedKernels;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.tensor.DType;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyArchitecture;
import dev.vtc.testing.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kernel of every machine once more by LLVM's assembler, from its listing, for a CPU that has
 * just what the machine asks for: the same bytes, or the encoding is wrong; a refusal, where an
 * instruction belongs to a feature that nobody checked.
 */
class EmittedCodeTest {
  private static final long SEED = Long.getLong("vtc.seed", 20261126);
  private static final int ALIGN = MachineCode.CACHE_LINE;

  /** What each machine's CPU has beyond ARMv8.0; the same as {@link A64Machines} asks for. */
  private static final Map<Dots, String> FEATURES =
      new EnumMap<>(Map.of(Dots.PLAIN, "", Dots.DOTPROD, "+dotprod", Dots.I8MM, "+dotprod,+i8mm"));

  @TempDir Path folder;

  @BeforeEach
  void oracle() {
    LlvmMc.assume();
  }

  /** Kernels by model and name, with their listings. */
  private static final class Emitted {
    final Map<String, MachineCode> codes = new TreeMap<>();
    final Map<String, String> listings = new TreeMap<>();

    void add(String model, List<MachineCode> kernels, Map<String, NeonLanes> emitters) {
      for (MachineCode code : kernels) {
        String name = model + " " + code.name();
        NeonLanes emitter = Objects.requireNonNull(emitters.get(code.name()), name);
        codes.put(name, new MachineCode(name, code.bytes(), ALIGN));
        listings.put(name, emitter.asm.listing());
      }
    }

    /** All kernels one after the other, as a program; labels are made unique. */
    String text() {
      StringBuilder text = new StringBuilder();
      int number = 0;
      for (String listing : listings.values()) {
        String own = "k" + number++ + "_$1";
        text.append(".balign ").append(ALIGN).append('\n');
        text.append(listing.replaceAll("\\b([A-Za-z]\\w*_\\d+)\\b", own)).append('\n');
      }
      return text.toString();
    }

    /** Where the bytes differ from the kernels', by name and offset; a difference a kernel. */
    List<String> differences(byte[] expected) {
      List<String> found = new ArrayList<>();
      int at = 0;
      for (MachineCode code : codes.values()) {
        at = Math.ceilDiv(at, ALIGN) * ALIGN;
        byte[] theirs = Arrays.copyOfRange(expected, at, at + code.bytes().length);
        int offset = Arrays.mismatch(code.bytes(), theirs);
        if (offset >= 0) {
          int word = offset & -4;
          found.add(
              code.name()
                  + " at "
                  + word
                  + ": "
                  + HexFormat.of().formatHex(code.bytes(), word, word + 4)
                  + ", by llvm-mc "
                  + HexFormat.of().formatHex(theirs, word, word + 4));
        }
        at += code.bytes().length;
      }
      if (at != expected.length) {
        found.add(at + " bytes, by llvm-mc " + expected.length);
      }
      return found;
    }
  }

  private List<Path> models() {
    List<Path> files = new ArrayList<>();
    files.add(TinyModel.of(TinyModel.BLOCKS, SEED).write(folder.resolve("blocks")));
    files.add(TinyModel.of(TinyModel.ODD_DENSE, SEED).write(folder.resolve("dense")));
    files.add(TinyModel.of(TinyModel.SUPER_BLOCKS, SEED).write(folder.resolve("super")));
    TinyArchitecture.all()
        .forEach((name, model) -> files.add(model.write(folder.resolve(name), DType.F16)));
    return files;
  }

  private static Emitted emit(Dots dots, List<Path> files) {
    return emit(dots, files, Family.NEOVERSE_V.tuning());
  }

  private static Emitted emit(Dots dots, List<Path> files, Tuning tuning) {
    Emitted emitted = new Emitted();
    for (Path file : files) {
      for (KvType kv : new KvType[] {KvType.F16, KvType.F32}) {
        Map<String, NeonLanes> emitters = new LinkedHashMap<>();
        try (Rig.Loaded model = Rig.load(file, kv)) {
          emitted.add(
              file.getFileName() + " " + kv,
              EmittedKernels.of(
                  model,
                  new Limits(64, 64, 1, 300),
                  name -> {
                    NeonLanes lanes = new NeonLanes(name, dots, tuning);
                    lanes.asm.startListing();
                    emitters.put(name, lanes);
                    return lanes;
                  }),
              emitters);
        }
      }
    }
    return emitted;
  }

  @Test
  void everyKernelIsTheProgramForACpuWithJustItsFeatures() {
    List<Path> files = models();
    FEATURES.forEach((dots, features) -> {
      Emitted emitted = emit(dots, files);
      byte[] expected = LlvmMc.program(emitted.text(), features);
      System.out.println(
          dots + ": " + emitted.codes.size() + " kernels, " + expected.length + " bytes");
      assertThat(emitted.codes).hasSizeGreaterThan(100);
      assertThat(emitted.differences(expected)).as(dots.toString()).isEmpty();
    });
  }

  /** Each row of the table makes other code, of the same instructions. */
  @Test
  void everyTuningIsTheProgram() {
    List<Path> files =
        List.of(
            TinyModel.of(TinyModel.BLOCKS, SEED).write(folder.resolve("blocks")),
            TinyModel.of(TinyModel.ODD_DENSE, SEED).write(folder.resolve("dense")));
    Set<String> programs = new HashSet<>();
    for (Family family : Family.values()) {
      Emitted emitted = emit(Dots.PLAIN, files, family.tuning());
      assertThat(emitted.differences(LlvmMc.program(emitted.text(), ""))).as(family.id()).isEmpty();
      programs.add(emitted.text());
    }
    assertThat(programs).hasSameSizeAs(Family.values());
  }

  /** The comparison has teeth: a bit of an instruction, whichever, is noticed where it is. */
  @Test
  void aWrongBitIsFound() {
    System.out.println("-Dvtc.seed=" + SEED);
    Random random = new Random(SEED);
    List<Path> files =
        List.of(TinyModel.of(TinyModel.BLOCKS, SEED).write(folder.resolve("blocks")));
    FEATURES.forEach((dots, features) -> {
      Emitted emitted = emit(dots, files);
      byte[] expected = LlvmMc.program(emitted.text(), features);
      assertThat(emitted.differences(expected)).isEmpty();
      for (String name : List.copyOf(emitted.codes.keySet())) {
        MachineCode good = Objects.requireNonNull(emitted.codes.get(name));
        byte[] bytes = good.bytes().clone();
        int bit = random.nextInt(8 * bytes.length);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        emitted.codes.put(name, new MachineCode(name, bytes, ALIGN));
        assertThat(emitted.differences(expected))
            .singleElement()
            .asString()
            .startsWith(name + " at " + (bit / 32 * 4) + ":");
        emitted.codes.put(name, good);
      }
    });
  }

  /** What a machine without its check would meet on a CPU that lacks the feature. */
  @Test
  void aFeatureThatTheCpuLacksIsFound() {
    List<Path> files =
        List.of(TinyModel.of(TinyModel.BLOCKS, SEED).write(folder.resolve("blocks")));
    String dotprod = emit(Dots.DOTPROD, files).text();
    assertThatThrownBy(() -> LlvmMc.program(dotprod, ""))
        .hasMessageContaining("instruction requires: dotprod")
        .hasMessageContaining("sdot");
    String i8mm = emit(Dots.I8MM, files).text();
    assertThatThrownBy(() -> LlvmMc.program(i8mm, "+dotprod"))
        .hasMessageContaining("instruction requires: i8mm")
        .hasMessageContaining("usmmla");
  }
}
