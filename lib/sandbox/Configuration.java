//SOURCES Answers.java ApplicationEntities.java Routes.java

package lib.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the archive says of itself (wire/captures.md I). */
record Configuration(ApplicationEntities entities) {

    void addTo(Routes routes) {
        routes.add("/aets", call -> Answers.jsonInChunks(call, aets()));
        routes.add("/ctrl/status", call -> Answers.json(call, Map.of("status", "STARTED")));
    }

    private List<Object> aets() {
        List<Object> list = new ArrayList<>();
        for (ApplicationEntities.Entity entity : entities.all()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("dicomAETitle", entity.title());
            json.put("dicomDescription", entity.description());
            if (entity.serves() && entity.hides()) {
                json.put("dcmHideNotRejectedInstances", true);
            }
            json.put("dcmAllowDeletePatient", "WITHOUT_STUDIES");
            json.put("dcmAllowDeleteStudyPermanently", "REJECTED");
            list.add(json);
        }
        return list;
    }
}
