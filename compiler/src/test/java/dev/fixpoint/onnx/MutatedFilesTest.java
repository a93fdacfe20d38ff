package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fixpoint.SharedData;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MutatedFilesTest {
  private static final int TRIES_PER_UNIT = 20;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String network : SharedData.NETWORKS) {
      files.add(SharedData.path(network));
    }
    for (Path folder : SharedData.nodeTests()) {
      files.add(folder.resolve("model.onnx"));
    }
    return files;
  }

  private interface Damage {
    byte[] to(byte[] model, SplittableRandom random) throws IOException;
  }

  @Test
  void aModelWithDamagedBytesIsReadOrRefusedWithAMessage() throws IOException {
    readDamaged(Mutation::of);
  }

  @Test
  void aModelWithWrongPartsIsReadOrRefusedWithAMessage() throws IOException {
    readDamaged(
        (model, random) ->
            StructuralMutation.of(ModelProto.parseFrom(model), random).toByteArray());
  }

  private static void readDamaged(Damage damage) throws IOException {
    int tries = TRIES_PER_UNIT / 2 * Integer.getInteger("fixpoint.tries", 100);
    List<byte[]> models = new ArrayList<>();
    for (Path file : files()) {
      models.add(Files.readAllBytes(file));
    }
    int read = 0;
    for (int seed = 0; seed < tries; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      // Half of the tries on the networks, which are few.
      int networks = SharedData.NETWORKS.size();
      int chosen = random.nextBoolean() ? random.nextInt(networks) : random.nextInt(models.size());
      byte[] bytes = damage.to(models.get(chosen), random);
      long start = System.nanoTime();
      read += isRead(bytes, "model " + chosen + ", seed " + seed) ? 1 : 0;
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("model %s, seed %s", chosen, seed)
          .isLessThan(LIMIT);
    }

    assertThat(read).isPositive().isLessThan(tries);
  }

  private static boolean isRead(byte[] bytes, String description) {
    try {
      OnnxReader.read(bytes);
      return true;
    } catch (ModelException e) {
      assertThat(e.getMessage()).as(description).isNotBlank();
      return false;
    } catch (RuntimeException | Error e) {
      return fail(description + " ends in " + e, e);
    }
  }

  @Test
  void aDamagedTensorIsReadOrRefusedWithAMessage() throws IOException {
    int tries = TRIES_PER_UNIT * Integer.getInteger("fixpoint.tries", 100);
    List<byte[]> tensors = new ArrayList<>();
    for (Path folder : SharedData.nodeTests()) {
      Path input = folder.resolve("test_data_set_0").resolve("input_0.pb");
      if (Files.exists(input) && Files.size(input) > 0) {
        tensors.add(Files.readAllBytes(input));
      }
    }
    for (int seed = 0; seed < tries; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = Mutation.of(tensors.get(random.nextInt(tensors.size())), random);
      try {
        assertThat(OnnxTensors.read(bytes).shape().isStatic()).isTrue();
      } catch (ModelException e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + " ends in " + e, e);
      }
    }
  }
}
