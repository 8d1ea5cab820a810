package dev.vtc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the arrows between the packages as docs/architecture.md draws them. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar")) // those of vtc-asm
          .importPackages("dev.vtc");

  /** Each room, and the rooms it may use directly; what those may use is allowed, too. */
  private static final Map<String, Set<String>> ROOMS =
      new TreeMap<>(
          Map.ofEntries(
              room("tensor"),
              room("format", "tensor"),
              room("tvl", "tensor", "format"),
              room("program", "tvl"),
              room("machine", "program", "asm"),
              room("machine.java", "machine"),
              room("machine.lanes", "machine", "asm"),
              room("machine.x64", "machine.lanes", "asm"),
              room("machine.a64", "machine.lanes", "asm"),
              room("machine.registry", "machine.java", "machine.x64", "machine.a64"),
              room("model", "format", "tvl", "program"),
              room("kv", "program"),
              room("text", "format"),
              room("sample"),
              room("session", "machine.registry", "kv", "sample", "text", "model"),
              room("asm")));

  private static Map.Entry<String, Set<String>> room(String name, String... mayUse) {
    return Map.entry(name, Set.of(mayUse));
  }

  /** A room's sub-packages belong to it, unless they are rooms of their own. */
  private static String roomOf(JavaClass c) {
    String p = c.getPackageName();
    if (!p.startsWith("dev.vtc.")) {
      return "";
    }
    String name = p.substring("dev.vtc.".length());
    while (!ROOMS.containsKey(name) && name.contains(".")) {
      name = name.substring(0, name.lastIndexOf('.'));
    }
    return name;
  }

  private static Set<String> reachable(String room) {
    Set<String> all = new TreeSet<>();
    for (String next : ROOMS.getOrDefault(room, Set.of())) {
      all.add(next);
      all.addAll(reachable(next));
    }
    return all;
  }

  private static DescribedPredicate<JavaClass> inRoom(String description, Set<String> rooms) {
    return DescribedPredicate.describe(
        description, c -> c.getPackageName().startsWith("dev.vtc.") && rooms.contains(roomOf(c)));
  }

  @TestFactory
  Stream<DynamicTest> aRoomOnlyUsesTheRoomsItMay() {
    return ROOMS.keySet().stream()
        .map(room -> {
          Set<String> forbidden = new TreeSet<>(ROOMS.keySet());
          forbidden.remove(room);
          forbidden.removeAll(reachable(room));
          return DynamicTest.dynamicTest(
              room,
              () ->
                  noClasses()
                      .that(inRoom("are in " + room, Set.of(room)))
                      .should()
                      .dependOnClassesThat(inRoom("are in one of " + forbidden, forbidden))
                      .allowEmptyShould(true)
                      .check(CLASSES));
        });
  }

  @Test
  void everyPackageIsARoom() {
    assertThat(CLASSES).as("classes that were found").hasSizeGreaterThan(10);
    classes()
        .that()
        .resideInAPackage("dev.vtc.*..")
        .should()
        .resideInAnyPackage(
            ROOMS.keySet().stream().map(r -> "dev.vtc." + r + "..").toArray(String[]::new))
        .check(CLASSES);
  }

  /** The public API is above everything else: no room knows it. */
  @Test
  void noRoomUsesTheApi() {
    noClasses()
        .that()
        .resideInAPackage("dev.vtc.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.vtc")
        .check(CLASSES);
  }

  @Test
  void theCoreUsesNothingButTheJdkAndJacksonCore() {
    String[] allowed = {
      "dev.vtc..", "java..", "org.jspecify.annotations..", "tools.jackson.core.."
    };
    classes()
        .that()
        .resideInAPackage("dev.vtc..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(CLASSES);
  }
}
