// The Rank page's Java calls over the API's own messages, whose classes are made from its .proto files.
// Prints, for each request, the inputs found in order, as one JSON object. Arguments: address, a picture's URL, a picture's file.
import com.clarifai.grpc.api.*;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

public class WirePage {
  static V2Grpc.V2BlockingStub stub;

  static String ask(String name, Annotation rank, Annotation... filters) {
    Query.Builder query = Query.newBuilder().addRanks(Rank.newBuilder().setAnnotation(rank));
    for (Annotation filter : filters) query.addFilters(Filter.newBuilder().setAnnotation(filter));
    MultiSearchResponse response = stub.postAnnotationsSearches(PostAnnotationsSearchesRequest.newBuilder()
        .setUserAppId(UserAppIDSet.newBuilder().setUserId("YOUR_USER_ID_HERE").setAppId("YOUR_APP_ID_HERE"))
        .addSearches(Search.newBuilder().setQuery(query)).build());
    if (response.getStatus().getCodeValue() != 10000) throw new RuntimeException(response.getStatus().toString());
    List<String> ids = response.getHitsList().stream().map(hit -> '"' + hit.getInput().getId() + '"').collect(Collectors.toList());
    return '"' + name + "\": [" + String.join(", ", ids) + "]";
  }

  static Annotation of(Data.Builder data) {
    return Annotation.newBuilder().setData(data).build();
  }

  static Annotation concept(String id, float value) {
    return of(Data.newBuilder().addConcepts(Concept.newBuilder().setId(id).setValue(value)));
  }

  static Annotation image(Image.Builder image) {
    return of(Data.newBuilder().setImage(image));
  }

  public static void main(String[] given) throws Exception {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(given[0]).usePlaintext().build();
    Metadata key = new Metadata();
    key.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Key YOUR_PAT_HERE");
    stub = V2Grpc.newBlockingStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key));
    Concept dog = Concept.newBuilder().setName("犬").setLanguage("ja").setValue(1).build();
    System.out.println("{" + String.join(", ",
        ask("predicted", concept("dog", 1)),
        ask("custom", concept("people", 1)),
        ask("both", concept("cat", 1), concept("people", 0)),
        ask("language", of(Data.newBuilder().addConcepts(dog))),
        ask("url", image(Image.newBuilder().setUrl(given[1]))),
        ask("bytes", image(Image.newBuilder().setBase64(ByteString.copyFrom(Files.readAllBytes(Path.of(given[2])))))),
        ask("input", Annotation.newBuilder().setInputId("green").build())) + "}");
    channel.shutdownNow();
  }
}
