package dev.vtc.app.lab.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The counts of traced kernels, against what follows from the layouts' equations. */
class AddressTraceTest {
  private static final int ROWS = 32;
  private static final int COLUMNS = 192;

  /** docs/tvl.md, what must hold: every byte of every line, each line fetched once, in one run. */
  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void panelsAreReadInWholeLinesAndOnlyOnce(WeightFormat format) {
    AddressTrace t = AddressTrace.of(format, Variant.TVL_SIMD, ROWS, COLUMNS);
    assertThat(t.distinctBytes()).isEqualTo(format.tvl().bytes(ROWS, COLUMNS));
    assertThat(t.lineUse()).isEqualTo(1);
    assertThat(t.lineFetches()).isEqualTo(t.distinctLines());
    assertThat(t.splitLoads()).isZero();
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void everyVariantLoadsEveryByteOfItsMatrix(WeightFormat format) {
    for (Variant variant : Variant.values()) {
      AddressTrace t = AddressTrace.of(format, variant, ROWS, COLUMNS);
      assertThat(t.distinctBytes())
          .as(format + " " + variant)
          .isEqualTo(format.bytes(variant, ROWS, COLUMNS));
      assertThat(t.fetchesPerLine()).as(format + " " + variant).isEqualTo(1);
    }
  }

  /** Blocks of 34 and 18 bytes: the load behind the f16 reaches over a line's end or does not. */
  @Test
  void rowVectorsOfQuantizedBlocksAreSplitWhereTheBlocksLieAcrossLines() {
    for (WeightFormat format : List.of(WeightFormat.Q8, WeightFormat.Q4)) {
      int block = format.rowMajor().blockBytes();
      int codes = block - 2;
      int split = 0;
      int blocks = ROWS * COLUMNS / 32;
      for (int b = 0; b < blocks; b++) {
        int at = b * block + 2;
        split += at / 64 < (at + codes - 1) / 64 ? 1 : 0;
      }
      AddressTrace t = AddressTrace.of(format, Variant.ROW_SIMD, ROWS, COLUMNS);
      assertThat(split).isPositive();
      assertThat(t.splitLoads()).as(format.name()).isEqualTo(split);
      assertThat(t.loads()).as(format.name()).isEqualTo(2L * blocks);
    }
  }

  @Test
  void denseRowsLoadAsMuchOfXAsOfWeightsAndPanelsASixteenth() {
    AddressTrace rows = AddressTrace.of(WeightFormat.F32, Variant.ROW_SIMD, ROWS, COLUMNS);
    assertThat(rows.otherBytesPerByte()).isEqualTo(1);
    assertThat(rows.loads()).isEqualTo(ROWS * COLUMNS / 16);
    AddressTrace panels = AddressTrace.of(WeightFormat.F32, Variant.TVL_SIMD, ROWS, COLUMNS);
    assertThat(panels.otherBytesPerByte()).isEqualTo(1.0 / 16);
    assertThat(panels.loads()).isEqualTo(ROWS * COLUMNS / 16);
    assertThat(panels.jumps()).isZero();
  }

  /** One weight of 16 rows at a time: in 64 loads 64 lines are touched, 4 bytes of each. */
  @Test
  void scalarsUseFourBytesOfALineOfAPanelBeforeTheNextLine() {
    AddressTrace t = AddressTrace.of(WeightFormat.F32, Variant.TVL_SCALAR, ROWS, COLUMNS);
    assertThat(t.windowUse()).isEqualTo(4.0 / 64);
    assertThat(t.loads()).isEqualTo(ROWS * COLUMNS);
    assertThat(AddressTrace.of(WeightFormat.F32, Variant.ROW_SCALAR, ROWS, COLUMNS).windowUse())
        .isEqualTo(1);
  }

  @Test
  void everyPageIsTranslatedOnceInOneRun() {
    AddressTrace t = AddressTrace.of(WeightFormat.F32, Variant.TVL_SIMD, 64, 2048);
    assertThat(t.pages()).isEqualTo(64 * 2048 * 4 / 4096);
    assertThat(t.pagesPerMib()).isEqualTo(256);
  }

  @Test
  void tracedCodeLoopsAndJumpsAsItSays() {
    TracingLanes a = new TracingLanes();
    var base = a.arg(0);
    var n = a.arg(1);
    var t = a.temp("t");
    var v = a.vec("v");
    var head = a.place("head");
    var end = a.place("end");
    a.bind(head);
    a.loadNibblesApart(v, base, 2, 20);
    a.move(t, n);
    a.mul(t, t, 4);
    a.shiftRight(t, 1);
    a.add(base, t);
    a.add(n, -1);
    a.jumpIf(dev.vtc.machine.lanes.LaneAssembler.Compare.LE, n, 0, end);
    a.jump(head);
    a.bind(end);
    a.leave();
    List<String> heard = new ArrayList<>();
    a.run((address, bytes) -> heard.add(address + "+" + bytes), 1000, 2);
    assertThat(heard).containsExactly("1002+16", "1020+16", "1006+16", "1024+16");
    assertThatThrownBy(() -> a.call(base)).isInstanceOf(UnsupportedOperationException.class);
  }
}
