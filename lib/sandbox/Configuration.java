//SOURCES ApplicationEntities.java Holdings.java Routes.java StudyIndex.java WebResponse.java

package lib.sandbox;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The archive's own configuration (wire/captures.md I, facts.md G9): a part of each list, and a device with its secrets
 * in clear, as the real archive shows them (facts.md B3).
 */
record Configuration(ApplicationEntities entities, Holdings holdings, InstantSource clock) {
    private static final String DEVICE = "dcm4chee-arc";

    void addTo(Routes routes) {
        routes.add("/aets", call -> call.jsonInChunks(aets()));
        routes.add("/devices", call -> call.jsonInChunks(devices()));
        routes.add("/devices/{device}", this::device);
        routes.add("/storage", call -> call.jsonInChunks(storage()));
        routes.add(
                "/webapps",
                call -> call.jsonInChunks(webApplications(call.request().parameter("dcmWebServiceClass"))));
        routes.add("/monitor/associations", call -> call.jsonInChunks(List.of()));
        routes.add("/monitor/serverTime", call -> call.json(Map.of("serverTimeWithTimezone", time())));
        routes.add("/monitor/serverTimeZone", call -> call.json(object("timeZone", "UTC", "offset", 0)));
        for (String tasks : List.of("export", "retrieve", "stgver", "diff")) {
            routes.add("/monitor/" + tasks, call -> call.jsonInChunks(List.of()));
            routes.add("/monitor/" + tasks + "/count", call -> call.json(Map.of("count", 0)));
            routes.add("/monitor/" + tasks + "/batch", call -> call.jsonInChunks(List.of()));
        }
        routes.add(
                "/metrics",
                call -> WebResponse.text(
                        200, "application/octet-stream", "[{\"dcmMetricsName\":\"db-update-on-store\"}]"));
        routes.add("/ctrl/status", call -> call.json(Map.of("status", "STARTED")));
        routes.add("/modalities", call -> call.json(Map.of("Modalities", modalities())));
    }

    private List<Object> aets() {
        List<Object> list = new ArrayList<>();
        for (ApplicationEntities.Entity entity : entities.all()) {
            Map<String, Object> json = object("dicomAETitle", entity.title(), "dicomDescription", entity.description());
            if (entity.services().contains("QIDO_RS") && entity.hides()) {
                json.put("dcmHideNotRejectedInstances", true);
            }
            json.put("dcmAllowDeletePatient", "WITHOUT_STUDIES");
            json.put("dcmAllowDeleteStudyPermanently", "REJECTED");
            list.add(json);
        }
        return list;
    }

    private List<Object> webApplications(String service) {
        List<Object> list = new ArrayList<>();
        for (ApplicationEntities.Entity entity : entities.all()) {
            if (service == null || entity.services().contains(service)) {
                Map<String, Object> json = object("dicomDeviceName", DEVICE, "dcmWebAppName", entity.title());
                json.put("dicomDescription", entity.description());
                json.put("dcmWebServicePath", Routes.Call.CONTEXT + "/aets/" + entity.title() + "/rs");
                json.put("dcmWebServiceClass", entity.services());
                json.put("dicomAETitle", entity.title());
                list.add(json);
            }
        }
        return list;
    }

    private String time() {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ")
                .format(clock.instant().atOffset(ZoneOffset.UTC));
    }

    private static List<Object> devices() {
        Map<String, Object> archive = archive();
        archive.put("hasArcDevExt", true);
        Map<String, Object> keycloak = object("dicomDeviceName", "keycloak", "dicomInstalled", true);
        keycloak.put("dicomPrimaryDeviceType", List.of("AUTH"));
        keycloak.put("hasArcDevExt", false);
        return List.of(archive, keycloak);
    }

    private WebResponse device(Routes.Call call) {
        if (!call.segment("{device}").equals(DEVICE)) {
            return Routes.error(404, "Device with specified name not found");
        }
        Map<String, Object> json = archive();
        json.put("dicomVendorData", true);
        json.put("dicomNetworkConnection", List.of(object("cn", "dicom", "dicomHostname", "127.0.0.1")));
        Map<String, Object> client = object("dcmKeycloakClientID", "dcm4chee-arc-rs", "dcmKeycloakRealm", "dcm4che");
        client.put("dcmKeycloakGrantType", "password");
        client.put("dcmKeycloakClientSecret", "the-secret-of-a-device");
        client.put("uid", "admin");
        client.put("userPassword", "the-password-of-a-device");
        json.put("dcmDevice", object("dcmKeycloakClient", List.of(client), "dcmArchiveDevice", Map.of()));
        return call.jsonInChunks(json);
    }

    private static Map<String, Object> archive() {
        Map<String, Object> json = object("dicomDeviceName", DEVICE, "dicomManufacturer", "dcm4che.org");
        json.put("dicomManufacturerModelName", DEVICE);
        json.put("dicomSoftwareVersion", List.of("5.34.3", "44ce4a0", "2026-11-22"));
        json.put("dicomPrimaryDeviceType", List.of("ARCHIVE"));
        json.put("dicomInstalled", true);
        return json;
    }

    private static List<Object> storage() {
        Map<String, Object> json = object("dcmStorageID", "fs1", "dcmURI", "file:///storage/fs1/");
        json.put("dcmDigestAlgorithm", "MD5");
        json.put("dicomAETitle", List.of("DCM4CHEE"));
        json.put("usages", List.of("dcmObjectStorageID"));
        json.put("usableSpace", 82_372_509_696L);
        json.put("totalSpace", 270_553_174_016L);
        return List.of(json);
    }

    private List<String> modalities() {
        TreeSet<String> values = new TreeSet<>();
        for (StudyIndex.Item patient : holdings.index().patients()) {
            for (StudyIndex.Item study : patient.children()) {
                for (StudyIndex.Item series : study.children()) {
                    values.add(series.value("Modality"));
                }
            }
        }
        values.remove("");
        return List.copyOf(values);
    }

    private static Map<String, Object> object(String name1, Object value1, String name2, Object value2) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(name1, value1);
        json.put(name2, value2);
        return json;
    }
}
